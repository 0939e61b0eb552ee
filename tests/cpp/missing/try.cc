// Language: `try`, `catch`
// expect: cannot use 'try' with exceptions disabled
void uses() {
  try {
  } catch (...) {
  }
}
