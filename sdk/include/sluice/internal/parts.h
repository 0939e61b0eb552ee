// Optional parts of the SDK: callbacks and hooks that only some filters need, such as those for the replies to
// callouts.
//
// A part is a struct with a function template that exports its callbacks and sets its hooks:
//
//     struct HttpCalls {
//       template <class C = Callouts>
//       static void install() { … }
//     };
//
// A function that needs a part is a template with the part as its last parameter, so that it is compiled only in
// filters that call it, and begins with require():
//
//     template <class Part = internal::HttpCalls>
//     HttpCall httpCall(const HttpRequest& request) {
//       internal::require<Part>();
//
// install() then runs in such filters while the module initializes, before the host looks for the callbacks. It is a
// template, too, because an exported function is part of a module as soon as code that is no template names it.
#pragma once

namespace sluice::internal {

/// Its constructor runs while the module initializes, in modules where something refers to kInstance.
template <class Part>
struct Installation {
  Installation() { Part::template install<>(); }
  static const Installation kInstance;
};
template <class Part>
const Installation<Part> Installation<Part>::kInstance;

/// Says that the function around it needs `Part`. Costs nothing when it runs.
template <class Part>
[[gnu::always_inline]] inline void require() {
  static_cast<void>(&Installation<Part>::kInstance);
}

}  // namespace sluice::internal
