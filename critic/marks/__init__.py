"""Chart marks: each a module that knows all about its mark, behind one abstract class (see ``base``)."""
