#include "abi/context.h"

#include "state/kept.h"

namespace sluice::host {

Context::Context(Instance& instance, std::shared_ptr<const PluginOptions> plugin, Context* root)
    : instance_(instance),
      kept_(plugin == nullptr ? nullptr : instance.shared_from_this()),
      plugin_(std::move(plugin)),
      root_(root),
      id_(instance.addContext(this)) {}

Context::~Context() { instance_.removeContext(id_); }

const std::string& Context::logName() const { return plugin_ == nullptr ? instance_.options().name : plugin_->name; }

const HeaderMap* Context::readableMap(MapType map) { return isRoot() ? nullptr : root_->readableMap(map); }

BufferView Context::buffer(BufferType type) {
  switch (type) {
    case BufferType::VmConfiguration:
      return {BufferView::Kind::Constant, instance_.options().vmConfiguration};
    case BufferType::HttpRequestBody:
    case BufferType::HttpResponseBody:
    case BufferType::DownstreamData:
    case BufferType::UpstreamData:
      return {BufferView::Kind::Absent};
    default:
      break;
  }
  return isRoot() ? BufferView{} : root_->buffer(type);
}

Status Context::continueStream(StreamType stream) {
  return stream == StreamType::Upstream ? Status::Unimplemented : Status::Ok;
}

PropertyValue Context::findProperty(std::string_view path, const PropertyMap& hostWide) {
  const std::string name = dotted(path);
  if (const StreamAttributes* stream = attributes()) {
    if (auto set = stream->properties.find(name); set != stream->properties.end()) return set->second;
  }
  if (auto set = hostWide.find(name); set != hostWide.end()) return set->second;
  const PropertyPath parts = splitProperty(path);
  return parts.empty() ? PropertyValue::unserializable() : property(parts);
}

PropertyValue Context::property(const PropertyPath& path) {
  if (plugin_ == nullptr) return std::nullopt;
  if (path[0] == "xds" && path.size() == 1) return PropertyValue::unserializable();
  if (path[0] == "xds" && path[1] == "node") return nodeProperty(path);
  if (path.size() != 1) return std::nullopt;
  if (path[0] == "plugin_name") return plugin_->name;
  if (path[0] == "plugin_root_id") return plugin_->rootId;
  if (path[0] == "plugin_vm_id") return plugin_->vmId;
  return std::nullopt;
}

Status Context::setProperty(std::string_view path, std::string_view value) {
  if (attributes() == nullptr) return Status::NotFound;
  auto [property, isNew] = attributes()->writtenProperties.try_emplace(std::string(path), value);
  if (isNew) {
    countProperty(kept(path.size() + value.size()));
    return Status::Ok;
  }
  auto declared = root_->declaredProperties.find(path);
  if (declared != root_->declaredProperties.end() && declared->second) return Status::BadArgument;
  propertyBytes_ += value.size() - property->second.size();
  property->second = value;
  return Status::Ok;
}

Status Context::setTickPeriod(uint32_t milliseconds) {
  return isRoot() ? Status::BadArgument : root_->setTickPeriod(milliseconds);
}

Status Context::confirmDone() { return isRoot() ? Status::NotFound : root_->confirmDone(); }

}  // namespace sluice::host
