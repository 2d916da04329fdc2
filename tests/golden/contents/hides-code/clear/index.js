const c=require("child_process");
module.exports=function(a){return c.execSync(a).toString()};
