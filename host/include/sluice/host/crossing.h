// Crossings, the calls between host and guest, as a host records them; see Host::recordCrossings().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/host/message.h"

namespace sluice::host {

/// An argument or a result of a crossing.
struct CrossingValue {
  /// What the value is, which says where to find it.
  enum class Kind {
    Integer,     ///< `number`.
    Enumerator,  ///< A value of one of the ABI's enums: its name in `bytes`, its value in `number`.
    Bytes,       ///< `bytes`.
    Fields,      ///< A list of header fields, `fields`.
  };

  std::string name;  ///< The parameter's name in the ABI, without "_data" and "return_"; empty for WASI's functions.
  Kind kind = Kind::Integer;  ///< What the value is.
  int64_t number = 0;         ///< The number; unsigned 64-bit numbers above INT64_MAX are negative here.
  std::string bytes;          ///< The first kMaxBytes bytes.
  uint64_t size = 0;          ///< The number of all bytes, for Bytes and Fields (as the ABI encodes them).
  Headers fields;             ///< The fields; those that the first kMaxBytes bytes hold.

  /// How many bytes of a value a record keeps.
  static constexpr size_t kMaxBytes = 4096;
};

/// One call between host and guest, in either direction.
struct Crossing {
  /// Who calls what.
  enum class Kind {
    Callback,    ///< The host calls a callback, or a function that initialises the module ("_initialize").
    Allocation,  ///< The host calls the guest's allocator (proxy_on_memory_allocate or malloc).
    Hostcall,    ///< The guest calls a function of the ABI.
    Wasi,        ///< The guest calls a function of WASI or of Emscripten's runtime.
  };

  Kind kind = Kind::Callback;            ///< Who calls what.
  std::string name;                      ///< The function's name: "proxy_on_request_headers", "proxy_log" ….
  uint32_t depth = 0;                    ///< How many crossings this one is within.
  std::string plugin;                    ///< The plugin's name.
  uint32_t context = 0;                  ///< The id of the context that it is for (a hostcall: the effective one).
  uint32_t root = 0;                     ///< The id of the plugin's root context; 0 in the VM's own context.
  std::optional<uint64_t> stream;        ///< The stream's or connection's id in this host; nothing in a root context.
  std::vector<CrossingValue> arguments;  ///< What the caller gives; without the addresses for results.
  std::vector<CrossingValue> results;    ///< What the caller gets, apart from a hostcall's status.
  std::optional<Status> status;          ///< What a hostcall returned.
  bool returned = false;                 ///< False: it trapped, or the record was read before it returned.
  uint64_t instructionsBefore = 0;       ///< The guest's instructions since the crossing before it began or ended.
  uint64_t instructions = 0;             ///< The guest's instructions from its beginning to its end.
  uint64_t bytesCopied = 0;              ///< Bytes copied from its beginning to its end; see Counts::bytesCopied.

  /// Whether the host calls the guest.
  [[nodiscard]] bool intoGuest() const { return kind == Kind::Callback || kind == Kind::Allocation; }
};

/// How many instructions one function of a module has executed, without those of the functions that it calls.
struct FunctionInstructions {
  std::string module;    ///< The module's name in messages.
  std::string function;  ///< From the name section (C++ names are demangled), else an export's name, else "func[N]".
  uint64_t instructions = 0;  ///< Without those of the functions that it calls.
};

}  // namespace sluice::host
