"""The thinking: values in, values out. No files, clock, network, logging or framework."""
