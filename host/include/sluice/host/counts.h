// What a filter costs, in numbers that do not depend on the machine or on the moment.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace sluice::host {

/// The cost of one or of several callbacks.
struct Counts {
  uint64_t calls = 0;         ///< Callbacks that the host called (memory allocation not included).
  uint64_t instructions = 0;  ///< WebAssembly instructions executed; block, loop and end are none. 0 natively.
  uint64_t crossings = 0;     ///< Calls in either direction, proxy_on_memory_allocate included.
  uint64_t bytesCopied = 0;   ///< Bytes of names, values, bodies and messages copied between host and guest.
  uint32_t pages = 0;         ///< Linear memory at the end, in 64-KiB pages; 0 in a native run.

  /// Adds a later callback's cost; `pages` becomes the larger.
  Counts& operator+=(const Counts& other) {
    calls += other.calls;
    instructions += other.instructions;
    crossings += other.crossings;
    bytesCopied += other.bytesCopied;
    pages = other.pages > pages ? other.pages : pages;
    return *this;
  }
};

/// What happened between two readings of the same counter; `pages` is that of the later one.
inline Counts operator-(Counts later, const Counts& earlier) {
  later.calls -= earlier.calls;
  later.instructions -= earlier.instructions;
  later.crossings -= earlier.crossings;
  later.bytesCopied -= earlier.bytesCopied;
  return later;
}

/// Counts by callback name ("proxy_on_request_headers", …). Work done on behalf of a callback counts for that callback.
using CountsByCallback = std::map<std::string, Counts, std::less<>>;

}  // namespace sluice::host
