#include "abi/context.h"

#include "abi/stream_attributes.h"
#include "root_context.h"

namespace sluice::host {

Context::Context(Vm& vm, PluginImpl* plugin, RootContext* root)
    : vm_(vm),
      kept_(plugin == nullptr ? nullptr : vm.shared_from_this()),
      plugin_(plugin),
      root_(root),
      id_(vm.addContext(this)) {}

Context::~Context() { vm_.removeContext(id_); }

const HeaderMap* Context::readableMap(MapType map) { return root_ == nullptr ? nullptr : root_->readableMap(map); }

BufferView Context::buffer(BufferType type) {
  switch (type) {
    case BufferType::VmConfiguration:
      return {BufferView::Kind::Constant, vm_.options().vmConfiguration};
    case BufferType::HttpRequestBody:
    case BufferType::HttpResponseBody:
    case BufferType::DownstreamData:
    case BufferType::UpstreamData:
      return {BufferView::Kind::Absent};
    default:
      break;
  }
  return root_ == nullptr || root_ == this ? BufferView{} : root_->buffer(type);
}

Status Context::continueStream(StreamType stream) {
  return stream == StreamType::Upstream ? Status::Unimplemented : Status::Ok;
}

Status Context::setProperty(std::string_view path, std::string_view value) {
  if (attributes() == nullptr) return Status::NotFound;
  auto [property, isNew] = attributes()->writtenProperties.try_emplace(std::string(path), value);
  if (isNew) return Status::Ok;
  auto declared = root_->declaredProperties.find(path);
  if (declared != root_->declaredProperties.end() && declared->second) return Status::BadArgument;
  property->second = value;
  return Status::Ok;
}

}  // namespace sluice::host
