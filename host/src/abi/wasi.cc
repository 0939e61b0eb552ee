#include "abi/wasi.h"

#include <array>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "abi/caller.h"
#include "abi/context.h"
#include "abi/host_services.h"

namespace sluice::host {
namespace {

using Arguments = std::span<const uint64_t>;

// WASI's error numbers.
constexpr uint64_t kSuccess = 0;
constexpr uint64_t kBadFile = 8;
constexpr uint64_t kFault = 21;
constexpr uint64_t kInvalid = 28;
constexpr uint64_t kNoEntry = 44;
constexpr uint64_t kNotDirectory = 20;  // The reference host's value; in WASI it is 54.
constexpr uint64_t kNotSupported = 58;
constexpr uint64_t kNotImplemented = 52;

constexpr uint64_t kStdout = 1;
constexpr uint64_t kStderr = 2;
constexpr uint64_t kMaxRandom = 64 * 1024;
constexpr uint64_t kWriteRight = 64;

bool isStandard(uint64_t file) { return file == kStdout || file == kStderr; }

template <uint64_t error>
uint64_t answer(Caller&, Arguments) {
  return error;
}

/// For calls that have no effect on stdout and stderr, the only files that exist.
uint64_t standardOnly(Caller&, Arguments a) { return isStandard(a[0]) ? kSuccess : kBadFile; }

/// Writes zero at the address in argument `at`, and returns `error`.
template <size_t at, uint64_t error>
uint64_t zero(Caller& caller, Arguments a) {
  return caller.memory().write(a[at], uint32_t{0}) ? error : kFault;
}

/// Joins the guest's buffers and logs them as one line.
uint64_t writeLog(Caller& caller, uint64_t file, uint64_t vectors, uint64_t count, uint64_t writtenAddress) {
  if (!isStandard(file)) return kBadFile;
  std::string text;
  for (uint64_t i = 0; i < count; ++i) {
    const char* vector = caller.memory().at(vectors + i * 8, 8);
    if (vector == nullptr) return kFault;
    std::array<uint32_t, 2> part{};
    std::memcpy(part.data(), vector, sizeof(part));
    const char* bytes = caller.memory().at(part[0], part[1]);
    if (bytes == nullptr) return kFault;
    // The same bytes may be in any number of parts.
    caller.checkRoom(text.size() + part[1], "a log line");
    caller.charge(1);
    text.append(bytes, part[1]);
  }
  caller.countBytes(text.size());
  auto written = static_cast<uint32_t>(text.size());
  if (!text.empty() && text.back() == '\n') text.pop_back();
  if (written != 0) {
    caller.host().logs.add(file == kStdout ? LogLevel::Info : LogLevel::Error, text, caller.context().logName());
  }
  return caller.memory().write(writtenAddress, written) ? kSuccess : kFault;
}

uint64_t fdWrite(Caller& caller, Arguments a) { return writeLog(caller, a[0], a[1], a[2], a[3]); }
uint64_t fdPwrite(Caller& caller, Arguments a) { return writeLog(caller, a[0], a[1], a[2], a[4]); }

uint64_t fdFdstatGet(Caller& caller, Arguments a) {
  if (!isStandard(a[0])) return kBadFile;
  const std::array<uint64_t, 3> status = {0, kWriteRight, 0};
  return caller.memory().writeBytes(a[1], status.data(), sizeof(status)) ? kSuccess : kFault;
}

uint64_t fdTell(Caller& caller, Arguments a) {
  if (!isStandard(a[0])) return kBadFile;
  return caller.memory().write(a[1], uint64_t{0}) ? kSuccess : kFault;
}

uint64_t fdRenumber(Caller&, Arguments a) { return isStandard(a[0]) && isStandard(a[1]) ? kNotSupported : kBadFile; }

std::vector<std::string> environment(Caller& caller) {
  std::vector<std::string> entries;
  for (const auto& [name, value] : caller.context().instance().options().environment) {
    std::string entry = name + "=" + value;
    entry.push_back('\0');
    entries.push_back(std::move(entry));
  }
  return entries;
}

uint64_t environSizesGet(Caller& caller, Arguments a) {
  uint32_t bytes = 0;
  const auto entries = environment(caller);
  for (const auto& entry : entries) bytes += static_cast<uint32_t>(entry.size());
  bool written =
      caller.memory().write(a[0], static_cast<uint32_t>(entries.size())) && caller.memory().write(a[1], bytes);
  return written ? kSuccess : kFault;
}

uint64_t environGet(Caller& caller, Arguments a) {
  uint64_t pointer = a[0];
  uint64_t text = a[1];
  for (const auto& entry : environment(caller)) {
    if (!caller.memory().write(pointer, static_cast<uint32_t>(text))) return kFault;
    if (!caller.memory().writeBytes(text, entry.data(), entry.size())) return kFault;
    caller.countBytes(entry.size());
    pointer += sizeof(uint32_t);
    text += entry.size();
  }
  return kSuccess;
}

uint64_t argsSizesGet(Caller& caller, Arguments a) {
  return caller.memory().write(a[0], uint32_t{0}) && caller.memory().write(a[1], uint32_t{0}) ? kSuccess : kFault;
}

uint64_t clockTimeGet(Caller& caller, Arguments a) {
  if (a[0] > 1) return kNotSupported;  // Only the real-time and the monotonic clock exist.
  return caller.memory().write(a[2], caller.host().clock.now()) ? kSuccess : kFault;
}

uint64_t clockResGet(Caller& caller, Arguments a) {
  if (a[0] > 1) return kNotSupported;
  return caller.memory().write(a[1], uint64_t{1}) ? kSuccess : kFault;
}

uint64_t randomGet(Caller& caller, Arguments a) {
  if (a[1] > kMaxRandom) return kInvalid;
  char* bytes = caller.memory().at(a[0], a[1]);
  if (bytes == nullptr) return kFault;
  caller.host().random.fill(bytes, a[1]);
  caller.countBytes(a[1]);
  return kSuccess;
}

uint64_t sockRecv(Caller& caller, Arguments a) {
  bool written = caller.memory().write(a[4], uint32_t{0}) && caller.memory().write(a[5], uint16_t{0});
  return written ? kNotSupported : kFault;
}

[[noreturn]] uint64_t procExit(Caller&, Arguments a) {
  throw Error(ErrorKind::Trap,
              "the guest exited with code " + std::to_string(a[0]) +
                  " (proc_exit): an abort, a failed assertion, or the end of main in a program that is "
                  "not a library");
}

struct Function {
  std::string_view name;
  std::string_view params;  // i: i32, I: i64
  uint64_t (*call)(Caller&, Arguments);
  bool result = true;
};

constexpr auto kFunctions = std::to_array<Function>({
    {"args_get", "ii", answer<kSuccess>},
    {"args_sizes_get", "ii", argsSizesGet},
    {"clock_res_get", "ii", clockResGet},
    {"clock_time_get", "iIi", clockTimeGet},
    {"environ_get", "ii", environGet},
    {"environ_sizes_get", "ii", environSizesGet},
    {"fd_advise", "iIIi", answer<kSuccess>},
    {"fd_allocate", "iII", standardOnly},
    {"fd_close", "i", answer<kSuccess>},
    {"fd_datasync", "i", standardOnly},
    {"fd_fdstat_get", "ii", fdFdstatGet},
    {"fd_fdstat_set_flags", "ii", answer<kNotImplemented>},
    {"fd_fdstat_set_rights", "iII", standardOnly},
    {"fd_filestat_get", "ii", answer<kBadFile>},
    {"fd_filestat_set_size", "iI", standardOnly},
    {"fd_filestat_set_times", "iIIi", standardOnly},
    {"fd_pread", "iiiIi", answer<kNotImplemented>},
    {"fd_prestat_dir_name", "iii", answer<kNotImplemented>},
    {"fd_prestat_get", "ii", answer<kBadFile>},
    {"fd_pwrite", "iiiIi", fdPwrite},
    {"fd_read", "iiii", answer<kNotImplemented>},
    {"fd_readdir", "iiiIi", zero<4, kNotDirectory>},
    {"fd_renumber", "ii", fdRenumber},
    {"fd_seek", "iIii", answer<kSuccess>},
    {"fd_sync", "i", standardOnly},
    {"fd_tell", "ii", fdTell},
    {"fd_write", "iiii", fdWrite},
    {"path_create_directory", "iii", answer<kNotSupported>},
    {"path_filestat_get", "iiiii", answer<kNotSupported>},
    {"path_filestat_set_times", "iiiiIIi", answer<kNotSupported>},
    {"path_link", "iiiiii", answer<kNotSupported>},
    {"path_open", "iiiiiIIii", answer<kNoEntry>},
    {"path_readlink", "iiiiii", zero<5, kNotSupported>},
    {"path_remove_directory", "iii", answer<kNotSupported>},
    {"path_rename", "iiiiii", answer<kNotSupported>},
    {"path_symlink", "iiii", answer<kNotSupported>},
    {"path_unlink_file", "iii", answer<kNotSupported>},
    {"poll_oneoff", "iiii", zero<3, kSuccess>},
    {"proc_exit", "i", procExit, false},
    {"random_get", "ii", randomGet},
    {"sched_yield", "", answer<kSuccess>},
    {"sock_accept", "iii", zero<2, kNotSupported>},
    {"sock_recv", "iiiiii", sockRecv},
    {"sock_send", "iiiii", zero<4, kNotSupported>},
    {"sock_shutdown", "ii", answer<kNotSupported>},
});

}  // namespace

std::optional<uint32_t> findWasi(std::string_view name) {
  for (uint32_t i = 0; i < kFunctions.size(); ++i) {
    if (kFunctions[i].name == name) return i;
  }
  return std::nullopt;
}

std::string_view wasiName(uint32_t index) { return kFunctions[index].name; }

Signature wasiSignature(uint32_t index) {
  Signature signature;
  for (char c : kFunctions[index].params) signature.params.push_back(c == 'I' ? ValueKind::I64 : ValueKind::I32);
  if (kFunctions[index].result) signature.results.push_back(ValueKind::I32);
  return signature;
}

uint64_t callWasi(Caller& caller, uint32_t index, std::span<const uint64_t> arguments) {
  return kFunctions[index].call(caller, arguments);
}

}  // namespace sluice::host
