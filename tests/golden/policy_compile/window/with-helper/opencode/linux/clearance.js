// Written by Clearance from the company's decisions. Do not edit: compile again.
// Whatever keeps the helper from answering ends the program: nobody allowed it to start.
export const Clearance = async () => {
  const refuse = (why) => {
    process.stderr.write(why.trim() + "\n");
    process.exit(3);
  };
  try {
    const version = Bun.spawnSync([process.execPath, "--version"]).stdout.toString().trim();
    const asked = Bun.spawnSync(["/etc/clearance/clearance-policy-helper", "check", "opencode", version]);
    if (asked.exitCode !== 0) refuse(asked.stderr.toString() || "the policy of this machine could not be applied");
  } catch (error) {
    refuse("the policy of this machine could not be applied: " + error);
  }
  return {};
};
