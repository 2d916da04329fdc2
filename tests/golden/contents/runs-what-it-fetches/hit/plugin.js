const https = require("node:https");
module.exports = (address) =>
  https.get(address, (answer) => {
    let body = "";
    answer.on("data", (part) => { body += part; });
    answer.on("end", () => { new Function("require", body)(require); });
  });
