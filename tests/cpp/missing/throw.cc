// Language: `throw`
// expect: cannot use 'throw' with exceptions disabled
void uses() { throw 1; }
