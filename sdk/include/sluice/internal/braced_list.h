// Views of braced lists, which also work in statements with co_await.
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
// array behind the list to the coroutine's frame. With GCC each element is therefore a separate argument, there is a
// constructor for each number of arguments, and the constructor copies the elements to the callback's memory. (GCC
// compiles filters only for native tests; clang compiles the modules.)

template <class Element, size_t>
using Argument = const Element&;

template <class Element, class Indices>
class ListArguments;
template <class Element>
class ListArguments<Element, std::index_sequence<>> : public ElementView<Element> {
 protected:
  using ElementView<Element>::ElementView;
  struct Copies {};
  // The list is not the first parameter, because the compiler would then choose this constructor for a braced list.
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

/// A view of a braced list of up to 32 elements. The elements live until the callback returns.
template <class Element>
class BracedList : public ListArguments<Element, std::make_index_sequence<32>> {
 public:
  using BracedList::ListArguments::ListArguments;
};

#else

/// A view of a braced list. The elements live until the end of the full expression.
template <class Element>
class BracedList : public ElementView<Element> {
 public:
  constexpr BracedList(std::initializer_list<Element> list) : ElementView<Element>(list.begin(), list.size()) {}

 protected:
  using ElementView<Element>::ElementView;
};

#endif

}  // namespace sluice::internal
