"""What both faces need, API and panel: who asks, what they may do, and what errors say to people."""
