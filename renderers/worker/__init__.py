"""Worker processes: started clean and warm, fed over sockets, killed when they overrun."""
