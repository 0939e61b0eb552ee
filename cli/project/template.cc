#include "project/template.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCommon = "project";
constexpr std::string_view kDescription = "description";
constexpr std::string_view kNeed = "need";

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isWordCharacter(char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '_'; }

// "hello_world" -> "HelloWorld".
std::string className(const std::string& filterName) {
  std::string result;
  bool isStart = true;
  for (char c : filterName) {
    if (c != '_') result += isStart && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    isStart = c == '_';
  }
  return result;
}

using Placeholders = std::vector<std::pair<std::string, std::string>>;

std::string filledIn(std::string_view text, const Placeholders& placeholders) {
  std::string result(text);
  for (const auto& [placeholder, value] : placeholders) {
    for (size_t at = result.find(placeholder); at != std::string::npos; at = result.find(placeholder, at)) {
      result.replace(at, placeholder.size(), value);
      at += value.size();
    }
  }
  return result;
}

// The name of a template's file in the project.
std::string fileName(std::string_view name, const std::string& filterName) {
  if (name == "gitignore") return ".gitignore";
  if (name == "ci.yml") return ".github/workflows/test.yml";
  if (name == "filter.cc") return filterName + ".cc";
  if (name == "filter_test.cc") return filterName + "_test.cc";
  return std::string(name);
}

[[noreturn]] void fail(const fs::path& path, const std::string& fault) {
  throw std::runtime_error(path.string() + ": " + fault);
}

// Removes what it was given, unless release() is called: what a command that fails half-way has written.
class Undo {
 public:
  ~Undo() {
    std::error_code ignored;
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) fs::remove(*path, ignored);
  }
  Undo() = default;
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  void add(fs::path path) { paths_.push_back(std::move(path)); }
  void release() { paths_.clear(); }

 private:
  std::vector<fs::path> paths_;
};

// Creates a folder and those above it that are missing.
void createFolders(const fs::path& folder, Undo& undo) {
  std::vector<fs::path> missing;
  for (fs::path path = folder; !path.empty() && !fs::exists(path); path = path.parent_path()) {
    missing.push_back(path);
    if (path == path.parent_path()) break;
  }
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
    std::error_code error;
    if (fs::create_directory(*path, error)) undo.add(*path);
    if (error) fail(*path, "the folder cannot be created: " + error.message());
  }
}

void writeFile(const fs::path& path, const std::string& text, Undo& undo) {
  createFolders(path.parent_path(), undo);
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  if (file) undo.add(path);
  file << text;
  file.close();
  if (!file) fail(path, std::string("cannot be written: ") + std::strerror(errno));
}

}  // namespace

std::map<std::string, std::string> templateDescriptions() {
  std::map<std::string, std::string> result;
  for (const auto& file : kTemplateFiles) {
    if (file.name == kDescription) result[std::string(file.folder)] = file.text.substr(0, file.text.find('\n'));
  }
  return result;
}

std::string templateNeed(const std::string& templateName) {
  for (const auto& file : kTemplateFiles) {
    if (file.folder == templateName && file.name == kNeed)
      return std::string(file.text.substr(0, file.text.find('\n')));
  }
  return {};
}

bool isFilterName(std::string_view name) {
  return !name.empty() && isLetter(name.front()) && std::all_of(name.begin(), name.end(), isWordCharacter);
}

std::string filterNameFor(const fs::path& folder) {
  // "project/" and "." have no file name of their own.
  const auto path = fs::absolute(folder).lexically_normal();
  std::string name = (path.has_filename() ? path : path.parent_path()).filename().string();
  if (name.empty() || !isLetter(name.front())) return {};
  for (char& c : name) {
    if (!isWordCharacter(c)) c = '_';
  }
  return name;
}

std::vector<std::string> writeProject(const fs::path& folder, const NewProject& project) {
  std::error_code error;
  const bool exists = fs::exists(folder, error);
  if (error) fail(folder, error.message());
  if (exists && !fs::is_directory(folder)) fail(folder, "is not a folder");
  if (exists) {
    const bool isEmpty = fs::is_empty(folder, error);
    if (error) fail(folder, error.message());
    if (!isEmpty) fail(folder, "has files in it; name a folder that is empty or does not exist");
  }
  // A file's "filter_name" may be part of a longer word.
  std::string notes;
  for (const auto& note : project.platform.notes) notes += "- " + std::string(note) + "\n";
  const Placeholders placeholders = {{"filter_name", project.filterName},
                                     {"FilterName", className(project.filterName)},
                                     {"@description@", templateDescriptions().at(project.templateName)},
                                     {"@platform@", std::string(project.platform.name)},
                                     {"@platform_title@", std::string(project.platform.title)},
                                     {"@platform_notes@\n", notes.empty() ? "" : "\n" + notes}};
  Undo undo;
  createFolders(folder, undo);
  std::vector<std::string> names;
  for (const auto& file : kTemplateFiles) {
    const bool isAbout = file.name == kDescription || file.name == kNeed;
    if ((file.folder != kCommon && file.folder != project.templateName) || isAbout) continue;
    const auto name = fileName(file.name, project.filterName);
    writeFile(folder / name, filledIn(file.text, placeholders), undo);
    names.push_back(name);
  }
  undo.release();
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace sluice::cli
