// The parts of Abseil that its own sources leave out, or that do not compile, for a filter's one thread: a part of
// docs/libraries.md's recipe, to copy. Natively it adds nothing but time_zone_info.cc.
#include <cstdlib>
#include <istream>
#include <string>

#include "absl/base/internal/low_level_alloc.h"
#include "absl/synchronization/internal/per_thread_sem.h"

// Where memory cannot be mapped, Abseil has no allocator below malloc, and so no threads.
#ifdef ABSL_LOW_LEVEL_ALLOC_MISSING
namespace absl {
ABSL_NAMESPACE_BEGIN
namespace base_internal {

void* LowLevelAlloc::Alloc(size_t size) { return std::malloc(size); }
void LowLevelAlloc::Free(void* block) { std::free(block); }

}  // namespace base_internal
namespace synchronization_internal {

base_internal::ThreadIdentity* CreateThreadIdentity() {
  alignas(base_internal::PerThreadSynch::kAlignment) static base_internal::ThreadIdentity identity;
  base_internal::SetCurrentThreadIdentity(&identity, [](void*) {});
  return &identity;
}

}  // namespace synchronization_internal
ABSL_NAMESPACE_END
}  // namespace absl

extern "C" {

void ABSL_INTERNAL_C_SYMBOL(AbslInternalPerThreadSemPost)(absl::base_internal::ThreadIdentity*) {}

// No other thread could end the wait.
bool ABSL_INTERNAL_C_SYMBOL(AbslInternalPerThreadSemWait)(absl::synchronization_internal::KernelTimeout) {
  std::abort();
}

}  // extern "C"
#endif

// Time zones are files, and a module has none: there it knows UTC and fixed offsets. libc++ then has no std::ifstream,
// which the source needs to compile.
#ifdef __wasm__
template <>
class std::basic_ifstream<char> : public std::istream {
 public:
  explicit basic_ifstream(const std::string& /*name*/) : std::istream(nullptr) {}
  bool is_open() const { return false; }
};
#endif
#include "absl/time/internal/cctz/src/time_zone_info.cc"
