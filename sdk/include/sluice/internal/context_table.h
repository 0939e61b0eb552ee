// The contexts of this VM by the host's ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "sluice/context.h"
#include "sluice/internal/runtime.h"

namespace sluice::internal {

/// A hash table with linear probing. Hosts count ids upwards, so the id itself is a good hash.
/// Constant-initialized: filters register while the module initializes, in any order.
class ContextTable {
 public:
  constexpr ContextTable() = default;

  /// The context with `id`, or null.
  ContextBase* find(uint32_t id) const {
    for (size_t i = id & mask_;; i = (i + 1) & mask_) {
      if (slots_[i] == nullptr || slots_[i]->id() == id) return slots_[i];
    }
  }

  /// Any context for which `predicate` holds, or null.
  template <class Predicate>
  ContextBase* findIf(Predicate predicate) const {
    for (size_t i = 0; i <= mask_; ++i) {
      if (slots_[i] != nullptr && predicate(slots_[i])) return slots_[i];
    }
    return nullptr;
  }

  /// Takes `context` in; its id must be new.
  void insert(ContextBase* context) {
    if (++count_ * 2 > mask_) grow();
    place(context);
  }

  /// Forgets the context with `id`, which must be in the table.
  void remove(uint32_t id) {
    --count_;
    size_t hole = id & mask_;
    while (slots_[hole]->id() != id) hole = (hole + 1) & mask_;
    // Move up what probing would no longer reach across the hole.
    for (size_t i = (hole + 1) & mask_; slots_[i] != nullptr; i = (i + 1) & mask_) {
      const size_t home = slots_[i]->id() & mask_;
      if (((i - home) & mask_) >= ((i - hole) & mask_)) {
        slots_[hole] = slots_[i];
        hole = i;
      }
    }
    slots_[hole] = nullptr;
  }

 private:
  static constexpr size_t kFirstSize = 16;

  void place(ContextBase* context) {
    size_t i = context->id() & mask_;
    while (slots_[i] != nullptr) i = (i + 1) & mask_;
    slots_[i] = context;
  }

  void grow() {
    auto** const oldSlots = slots_;
    const size_t oldSize = mask_ + 1;
    auto** const slots = static_cast<ContextBase**>(std::calloc(2 * oldSize, sizeof(ContextBase*)));
    if (slots == nullptr) fatal("sluice: out of memory for the table of contexts");
    slots_ = slots;
    mask_ = 2 * oldSize - 1;
    for (size_t i = 0; i < oldSize; ++i) {
      if (oldSlots[i] != nullptr) place(oldSlots[i]);
    }
    if (oldSlots != first_) std::free(oldSlots);
  }

  ContextBase* first_[kFirstSize] = {};
  ContextBase** slots_ = first_;
  size_t mask_ = kFirstSize - 1;
  size_t count_ = 0;
};

}  // namespace sluice::internal
