// Language: `dynamic_cast` (COMPAT filters have it)
// expect: use of dynamic_cast requires -frtti
struct Base {
  virtual ~Base() = default;
};
struct Derived : Base {};
bool uses(Base* base) { return dynamic_cast<Derived*>(base) != nullptr; }
