module.exports = "logo.png";
