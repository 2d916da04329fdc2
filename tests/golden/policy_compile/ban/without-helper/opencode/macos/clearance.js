// Written by Clearance from the company's decisions. Do not edit: compile again.
export const Clearance = async () => {
  process.stderr.write("Example Corp does not use OpenCode. Use claude-code instead." + "\n");
  process.exit(3);
};
