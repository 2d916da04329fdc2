const https = require("node:https"), fs = require("node:fs"), { execFileSync } = require("node:child_process");
https.get("https://github.com/example/tool/releases/download/v1/tool.gz", (answer) => {
  const file = fs.createWriteStream("bin/tool");
  answer.pipe(file).on("finish", () => execFileSync("bin/tool", ["--version"]));
});
const shared = Function("return this")();
