module.exports=()=>require("fs").readFileSync("./package.json");
