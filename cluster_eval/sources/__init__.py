"""From the survey's export and the reference files to tidy frames."""
