const { createHash } = require("crypto");
const sums = {
  "file-0.bin": "415faeba6761487eeb7f381c70e13636d02121be719b54ecd1f74ea8d9382e5d",
  "file-1.bin": "88a58816fa1c5b5689d5855b3ee78891620eb2a95970cac38683892c56b4621e",
  "file-2.bin": "3107436cc942b14d624c217fd40700c369c7abe1115d016bff1c9f68aa2da62c",
  "file-3.bin": "a5818e1c594fc2cb9734e970d4e9d20570bf20b089c35cca0c4f1ca92cab4bf1",
  "file-4.bin": "0b8ff241aa4389513f81c52fad1ad9ffc432905634578dd29276b96e38e45420",
};
function check(name, data) {
  return sums[name] === createHash("sha256").update(data).digest("hex");
}
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
module.exports = { check, zone };
