// Language: `typeid`, `std::type_index`
// expect: use of typeid requires -frtti
#include <typeinfo>
const char* uses(int number) { return typeid(number).name(); }
