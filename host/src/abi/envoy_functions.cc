#include "abi/envoy_functions.h"

#include "abi/caller.h"
#include "abi/compression.h"
#include "abi/context.h"
#include "abi/protobuf_reader.h"
#include "abi/signatures.h"
#include "abi/stream_attributes.h"
#include "sluice/host/error.h"
#include "state/kept.h"

namespace sluice::host {
namespace {

/// Counts what the caller's context keeps for one more property.
void keepProperty(Caller& caller, uint64_t bytes) {
  caller.checkSize(caller.context().propertyBytes() + bytes, "the set of properties");
  caller.context().countProperty(bytes);
}

Status clearRouteCache(Caller&, std::string_view, std::string*) { return Status::Ok; }

/// DeclarePropertyArguments declares a property for later writes with set_property. Only the fields `name` (1) and
/// `readonly` (2) matter here, because filters do not see the property's type.
Status declareProperty(Caller& caller, std::string_view arguments, std::string*) {
  std::string name;
  bool readOnly = false;
  ProtobufReader reader(arguments);
  while (auto field = reader.next()) {
    if (field->number == 1 && field->bytes) name = *field->bytes;
    if (field->number == 2 && !field->bytes) readOnly = field->value != 0;
  }
  Context& context = caller.context();
  if (!reader.valid() || context.declaredProperties.contains(name)) return Status::BadArgument;
  keepProperty(caller, kept(name.size()));
  context.declaredProperties.emplace(name, readOnly);
  return Status::Ok;
}

/// SetEnvoyFilterStateArguments has the fields `path` (1) and `value` (2). Envoy accepts a fixed set of paths; this
/// function accepts every path that begins with "envoy.".
Status setFilterState(Caller& caller, std::string_view arguments, std::string*) {
  std::string path;
  std::string value;
  ProtobufReader reader(arguments);
  while (auto field = reader.next()) {
    if (field->number == 1 && field->bytes) path = *field->bytes;
    if (field->number == 2 && field->bytes) value = *field->bytes;
  }
  if (!reader.valid()) return Status::BadArgument;
  StreamAttributes* attributes = caller.context().attributes();
  if (!path.starts_with("envoy.") || attributes == nullptr) return Status::NotFound;
  keepProperty(caller, kept(path.size() + value.size()));
  attributes->filterState[path] = value;
  return Status::Ok;
}

Status compress(Caller&, std::string_view arguments, std::string* result) { return compressBytes(arguments, result); }

Status uncompress(Caller& caller, std::string_view arguments, std::string* result) {
  constexpr uint64_t kPage = 65536;
  return uncompressBytes(arguments, caller.context().instance().options().limits.memoryPages * kPage, result);
}

Status signText(Caller&, std::string_view arguments, std::string* result) { return sign(arguments, result); }

Status verifyText(Caller&, std::string_view arguments, std::string* result) {
  return verifySignature(arguments, result);
}

struct EnvoyFunction {
  std::string_view name;
  Status (*call)(Caller& caller, std::string_view arguments, std::string* result);
};

constexpr EnvoyFunction kFunctions[] = {
    {"clear_route_cache", clearRouteCache},     {"compress", compress}, {"declare_property", declareProperty},
    {"set_envoy_filter_state", setFilterState}, {"sign", signText},     {"uncompress", uncompress},
    {"verify_signature", verifyText},
};

}  // namespace

Status callEnvoyFunction(Caller& caller, std::string_view name, std::string_view arguments, std::string* result) {
  for (const EnvoyFunction& function : kFunctions) {
    if (function.name == name) return function.call(caller, arguments, result);
  }
  if (name == "expr_create" || name == "expr_evaluate" || name == "expr_delete") {
    throw Error(ErrorKind::Unsupported,
                "the filter calls the foreign function " + std::string(name) +
                    ": Envoy evaluates CEL expressions, the mock host does not. Register a function of this name with "
                    "Host::registerForeignFunction, or play the filter on a real Envoy.");
  }
  return Status::NotFound;
}

}  // namespace sluice::host
