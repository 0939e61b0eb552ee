// The search tree of a Tagged metric.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::internal {

/// A metric with tags, in a search tree. The tree is ordered by a hash of the names, so it needs no balancing.
struct TaggedNode {
  TaggedNode* children[2] = {};
  uint32_t hash = 0;
  std::string_view name;
};

/// A name with its hash.
struct TaggedName {
  std::string_view name;  // null data when memory is exhausted
  uint32_t hash;
};
/// Builds `tag=.=value;.;` for each of the `count` tags, then `name`, in the callback's memory. If `values` is null,
/// each value is "other".
TaggedName tagName(std::string_view name, const std::string_view* tags, const std::string_view* values, size_t count);
/// The link to the node with this name, or the null link where to insert it.
TaggedNode** findTagged(TaggedNode** link, const TaggedName& name);
/// Allocates a node of `size` bytes followed by a copy of the name, to which `name` then refers. Null when memory is
/// exhausted.
void* allocateTagged(size_t size, TaggedName& name);
void freeTagged(TaggedNode* root);

}  // namespace sluice::internal
