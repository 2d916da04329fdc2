"""OSCAL: findings as assessment results and as a plan of action, for the tools of those who assess controls."""
