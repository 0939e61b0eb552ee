// The projects that `sluice init` writes.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "project/platforms.h"

namespace sluice::cli {

/// A file in cli/project/templates.
struct TemplateFile {
  std::string_view folder;  ///< The template's name, or "project" for the files of every project.
  std::string_view name;    ///< The file's name there.
  std::string_view text;    ///< With filter_name for the filter's name, FilterName for its class's.
};

/// All files in cli/project/templates.
extern const std::vector<TemplateFile> kTemplateFiles;

/// The templates by name, each with a sentence that describes it.
std::map<std::string, std::string> templateDescriptions();

/// The hostcall or the callback without which a template's filter is nothing; empty if it needs none in particular.
std::string templateNeed(const std::string& templateName);

/// Whether a filter can have this name: a letter, then letters, digits and "_".
bool isFilterName(std::string_view name);

/// The name made from a folder's: other characters become "_". Empty if the folder's name does not begin with a letter.
std::string filterNameFor(const std::filesystem::path& folder);

/// What to write.
struct NewProject {
  std::string templateName;
  std::string filterName;
  const Platform& platform;
};

/// Writes a project to `folder`, which must not exist or must be empty, and returns the names of the files. Throws
/// std::runtime_error that names the folder or the file if that fails; then nothing stays behind.
std::vector<std::string> writeProject(const std::filesystem::path& folder, const NewProject& project);

}  // namespace sluice::cli
