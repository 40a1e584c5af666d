"""Words we send: data in, message out, nothing sent."""
