// Views of lists in braces, in statements with co_await too.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>

#if defined(__GNUC__) && !defined(__clang__)
#include <new>

#include "sluice/internal/runtime.h"
#endif

namespace sluice::internal {

/// A view of elements next to each other in memory.
template <class Element>
class ElementView {
 protected:
  constexpr ElementView() = default;
  constexpr ElementView(const Element* data, size_t size) : data_(data), size_(size) {}

  const Element* data_ = nullptr;
  size_t size_ = 0;
};

#if defined(__GNUC__) && !defined(__clang__)

// GCC 12 refuses a std::initializer_list in a statement with co_await ("array used as initializer"): it cannot move the
// array behind it to the coroutine's frame. For GCC each element is an argument of its own, for which there is a
// constructor for each number of arguments. They are copied to the callback's memory. (Filters run natively with GCC,
// in tests; modules are compiled with clang.)

template <class Element, size_t>
using Argument = const Element&;

template <class Element, class Indices>
class ListArguments;
template <class Element>
class ListArguments<Element, std::index_sequence<>> : public ElementView<Element> {
 protected:
  using ElementView<Element>::ElementView;
  struct Copies {};
  // Not the first parameter: the compiler would take it for what a list in braces is to initialize.
  ListArguments(Copies, std::initializer_list<Element> list) {
    auto* const copies = static_cast<Element*>(arenaAllocate(list.size() * sizeof(Element)));
    if (copies == nullptr) fatal("sluice: out of memory");
    for (const auto& element : list) new (copies + this->size_++) Element(element);
    this->data_ = copies;
  }
};
template <class Element, size_t... I>
class ListArguments<Element, std::index_sequence<I...>>
    : public ListArguments<Element, std::make_index_sequence<sizeof...(I) - 1>> {
  using Fewer = ListArguments<Element, std::make_index_sequence<sizeof...(I) - 1>>;

 public:
  using Fewer::Fewer;
  ListArguments(Argument<Element, I>... elements) : Fewer(typename Fewer::Copies(), {elements...}) {}
};

/// A view of a list in braces, of up to 32 elements, which lives until the callback returns.
template <class Element>
class BracedList : public ListArguments<Element, std::make_index_sequence<32>> {
 public:
  using BracedList::ListArguments::ListArguments;
};

#else

/// A view of a list in braces, which lives until the end of the full expression.
template <class Element>
class BracedList : public ElementView<Element> {
 public:
  constexpr BracedList(std::initializer_list<Element> list) : ElementView<Element>(list.begin(), list.size()) {}

 protected:
  using ElementView<Element>::ElementView;
};

#endif

}  // namespace sluice::internal
