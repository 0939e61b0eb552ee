// Uses the libraries of a filter project, for its build system alone.
