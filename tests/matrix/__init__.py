"""Every operation of the public interface × every role × whose record it is, with an oracle on every answer."""
