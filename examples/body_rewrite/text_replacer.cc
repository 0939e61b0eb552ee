#include "body_rewrite/text_replacer.h"

#include <algorithm>
#include <utility>

namespace {

// The length of the common beginning of two texts.
size_t commonPrefix(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  size_t size = 0;
  while (size < most && a[size] == b[size]) ++size;
  return size;
}

}  // namespace

void Replacements::add(std::string_view find, std::string_view with) {
  begins_[static_cast<unsigned char>(find.front())] = true;
  auto place = list_.begin();
  while (place != list_.end() && place->find.size() >= find.size()) ++place;
  list_.insert(place, {std::string(find), std::string(with)});
}

bool Replacements::contains(std::string_view find) const {
  return std::any_of(list_.begin(), list_.end(), [&](const auto& replacement) { return replacement.find == find; });
}

TextReplacer::Found TextReplacer::find(std::string_view text, bool last,
                                       const Replacements::Replacement*& match) const {
  for (const auto& replacement : replacements_.list_) {
    const std::string_view wanted = replacement.find;
    const size_t common = commonPrefix(text, wanted);
    if (common == wanted.size()) {
      match = &replacement;
      return Found::Match;
    }
    // Longer texts come first: a match of a shorter text must wait until this one can be decided.
    if (common == text.size() && !last) return Found::Beginning;
  }
  return Found::Nothing;
}

// The next position, from `at` on, where a text to find may begin.
size_t TextReplacer::skip(std::string_view text, size_t at) const {
  const auto* const begins = replacements_.begins_;
  const auto* next = text.data() + at;
  const auto* const end = text.data() + text.size();
  while (next != end && !begins[static_cast<unsigned char>(*next)]) ++next;
  return static_cast<size_t>(next - text.data());
}

Rewritten TextReplacer::next(std::string_view piece, bool last, std::string& out) {
  bool changed = holds();
  const std::string before = std::exchange(held_, {});
  std::string joined;
  std::string_view text = piece;
  if (!before.empty()) {
    joined = before;
    joined += piece;
    text = joined;
  }
  size_t from = 0;  // the bytes before this were written
  size_t at = 0;
  while (true) {
    at = skip(text, at);
    if (at == text.size()) break;
    const Replacements::Replacement* match = nullptr;
    const auto found = find(text.substr(at), last, match);
    if (found == Found::Beginning) break;
    if (found == Found::Nothing) {
      ++at;
      continue;
    }
    out += text.substr(from, at - from);
    out += match->with;
    at += match->find.size();
    from = at;
    changed = true;
  }
  held_ = text.substr(at);
  if (!changed && held_.empty()) return Rewritten::Unchanged;
  out += text.substr(from, at - from);
  return Rewritten::Changed;
}
