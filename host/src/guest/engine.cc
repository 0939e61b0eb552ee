#include "guest/engine.h"

#include <cstring>
#include <fstream>
#include <iterator>

namespace sluice::host {
namespace {

std::string_view kindName(ValueKind kind) {
  switch (kind) {
    case ValueKind::I32:
      return "i32";
    case ValueKind::I64:
      return "i64";
    case ValueKind::F32:
      return "f32";
    case ValueKind::F64:
      return "f64";
    case ValueKind::Other:
      break;
  }
  return "another type";
}

std::string list(const std::vector<ValueKind>& kinds) {
  std::string text;
  for (ValueKind kind : kinds) {
    if (!text.empty()) text += ", ";
    text += kindName(kind);
  }
  return text;
}

}  // namespace

std::string toString(const Signature& signature) {
  std::string results = signature.results.empty() ? "nothing" : list(signature.results);
  return "(" + list(signature.params) + ") -> " + results;
}

std::string_view abiVersionName(int version) {
  switch (version) {
    case 10:
      return "0.1.0";
    case 20:
      return "0.2.0";
    case 21:
      return "0.2.1";
    default:
      return "unknown";
  }
}

bool GuestMemory::writeWord(uint64_t address, uint64_t value) {
  return wordSize() == 4 ? write(address, static_cast<uint32_t>(value)) : write(address, value);
}

bool GuestMemory::writeBytes(uint64_t address, const void* bytes, size_t size) {
  char* to = at(address, size);
  if (to == nullptr) return false;
  std::memcpy(to, bytes, size);
  return true;
}

std::shared_ptr<Module> loadModuleFile(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) {
    throw Error(ErrorKind::File, path.string() + ": there is no such file. Build the filter first, or mend the path.");
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file && !file.eof()) throw Error(ErrorKind::File, path.string() + ": the file cannot be read.");
  if (bytes.starts_with("\x7f"
                        "ELF"))
    return loadNative(path);
  return loadWasm(std::move(bytes), path.string());
}

}  // namespace sluice::host
