// Optional parts of the SDK: callbacks and hooks that only some filters need, for example for the replies to callouts.
//
// A part is a struct with a function template that exports its callbacks and sets its hooks:
//
//     struct HttpCalls {
//       template <class C = Callouts>
//       static void install() { … }
//     };
//
// A function that needs a part is a template with the part as its last parameter, so that it is compiled only in
// filters that call it. It begins with require():
//
//     template <class Part = internal::HttpCalls>
//     HttpCall httpCall(const HttpRequest& request) {
//       internal::require<Part>();
//
// In such filters install() runs while the module initializes, before the host looks for the callbacks. install() is
// also a template, because an exported function becomes part of a module as soon as non-template code names it.
#pragma once

namespace sluice::internal {

/// Runs install() while a module initializes that names this function.
#if defined(__wasm__)
// The linker evaluates it, so that what install() sets is a constant. A static object of a template would have a guard
// variable, which prevents that.
template <class Part>
[[gnu::constructor]] void installAtStart() {
  Part::template install<>();
}
#else
template <class Part>
struct Installation {
  Installation() { Part::template install<>(); }
  static const Installation kInstance;
};
template <class Part>
const Installation<Part> Installation<Part>::kInstance;
template <class Part>
void installAtStart() {
  static_cast<void>(&Installation<Part>::kInstance);
}
#endif

/// Says that the calling function needs `Part`. Has no cost at run time.
template <class Part>
[[gnu::always_inline]] inline void require() {
  static_cast<void>(&installAtStart<Part>);
}

}  // namespace sluice::internal
