// Replaces literal text with other text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "body_rewrite/body_rewriter.h"

/// The texts to find, and their replacements.
class Replacements {
 public:
  /// Adds a replacement; `find` must not be empty.
  void add(std::string_view find, std::string_view with);
  /// Whether there is a replacement for exactly this text.
  bool contains(std::string_view find) const;
  bool empty() const { return list_.empty(); }
  size_t size() const { return list_.size(); }

 private:
  friend class TextReplacer;
  struct Replacement {
    std::string find;
    std::string with;
  };
  std::vector<Replacement> list_;  // the longest `find` first
  bool begins_[256] = {};          // the first bytes of the texts to find
};

/// Replaces each text to find, from the beginning to the end of the body; if several begin at the same place, the
/// longest. It does not search in the replacements. It holds back only bytes that may be the beginning of such a text.
class TextReplacer : public BodyRewriter {
 public:
  /// `replacements` must outlive the object.
  explicit TextReplacer(const Replacements& replacements) : replacements_(replacements) {}

  Rewritten next(std::string_view piece, bool last, std::string& out) override;
  bool holds() const override { return !held_.empty(); }

 private:
  size_t skip(std::string_view text, size_t at) const;
  enum class Found : uint8_t { Nothing, Match, Beginning };
  // Tells whether `text` begins with a text to find, or could be the beginning of one.
  Found find(std::string_view text, bool last, const Replacements::Replacement*& match) const;

  const Replacements& replacements_;
  std::string held_;  // shorter than the longest text
};
