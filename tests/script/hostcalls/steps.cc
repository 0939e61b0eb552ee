#include "hostcalls.h"

namespace script {
namespace {

using sluice::Status;

std::string printable(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      result += c;
    } else {
      result += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return result;
}

std::optional<Status> hostcall(const Call& call, const Place& place, std::string& result) {
  if (call.function == "trap") __builtin_trap();
  if (const auto status = callHeaders(call, result)) return status;
  if (const auto status = callBody(call, result)) return status;
  if (const auto status = callProperty(call, result)) return status;
  if (const auto status = callStream(call)) return status;
  if (const auto status = callHttp(call, place, result)) return status;
  if (const auto status = callGrpc(call, place)) return status;
  return callState(call, result);
}

}  // namespace

bool perform(const Call& call, Place& place) {
  std::string result;
  const auto status = hostcall(call, place, result);
  if (!status) return false;
  sluice::logInfo(call.event, ": ", call.step, " -> ", *status, result);
  return true;
}

// Logs no number of headers, because it differs from host to host.
void tell(const Event& event) {
  const auto word = event.callback.word;
  if (event.object == "root" || word == "create") return;
  std::string detail = event.detail;
  if (word.ends_with("_headers")) detail = detail == "0" ? "none" : "some";
  sluice::logInfo(word, detail.empty() ? "" : " ", detail, event.endOfStream.value_or(false) ? " end" : "");
}

std::string show(std::string_view bytes) { return " [" + printable(bytes) + "]"; }

std::string showPairs(std::string_view bytes) {
  const auto parsed = sluice::HeaderPairs::parse(bytes);
  if (!parsed) return " malformed";
  std::string result;
  for (const auto& header : *parsed) result += " " + printable(header.name) + "=" + printable(header.value);
  return result;
}

std::string serialize(const Call& call, size_t first, const std::vector<std::string>& more) {
  std::vector<std::string_view> headers(more.begin(), more.end());
  for (size_t i = first; i < call.arguments.size(); ++i) headers.push_back(call.arguments[i]);
  std::string sizes;
  std::string bytes;
  const auto putSize = [&sizes](size_t size) {
    for (unsigned shift = 0; shift < 32; shift += 8) sizes += static_cast<char>((size >> shift) & 0xffU);
  };
  putSize(headers.size());
  for (const auto header : headers) {
    const size_t equals = header.find('=');
    const auto name = header.substr(0, equals);
    const auto value = equals == header.npos ? header : header.substr(equals + 1);
    putSize(name.size());
    putSize(value.size());
    bytes.append(name).append(1, '\0').append(value).append(1, '\0');
  }
  return sizes + bytes;
}

}  // namespace script
