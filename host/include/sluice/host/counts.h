// What a filter costs, in numbers that are the same on every machine and in every run.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace sluice::host {

/// The cost of one callback, or the sum over several.
struct Counts {
  uint64_t calls = 0;         ///< Callbacks that the host called (memory allocation not included).
  uint64_t instructions = 0;  ///< WebAssembly instructions executed, without block, loop and end; 0 in a native run.
  uint64_t crossings = 0;     ///< Calls between host and guest in either direction, including proxy_on_memory_allocate.
  uint64_t bytesCopied = 0;   ///< Bytes of names, values, bodies and messages copied between host and guest.
  uint32_t pages = 0;         ///< Size of linear memory after the callback, in 64-KiB pages; 0 in a native run.
  uint64_t bulkBytes = 0;     ///< Bytes that memory.copy, memory.fill and memory.init moved or set; 0 in a native run.

  /// Adds the cost of a later callback; `pages` becomes the larger of the two.
  Counts& operator+=(const Counts& other) {
    calls += other.calls;
    instructions += other.instructions;
    crossings += other.crossings;
    bytesCopied += other.bytesCopied;
    bulkBytes += other.bulkBytes;
    pages = other.pages > pages ? other.pages : pages;
    return *this;
  }
};

/// The difference between two readings of the same counter; `pages` is taken from the later reading.
inline Counts operator-(Counts later, const Counts& earlier) {
  later.calls -= earlier.calls;
  later.instructions -= earlier.instructions;
  later.crossings -= earlier.crossings;
  later.bytesCopied -= earlier.bytesCopied;
  later.bulkBytes -= earlier.bulkBytes;
  return later;
}

/// Counts by callback name ("proxy_on_request_headers", …). Hostcalls and memory allocations during a callback count
/// for that callback.
using CountsByCallback = std::map<std::string, Counts, std::less<>>;

}  // namespace sluice::host
