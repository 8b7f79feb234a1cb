using System.Collections;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace P2PCloud.Architecture.Tests;

/// <summary>Traces of the machine that a file was written on: folders of people, hosts that packages came from.</summary>
internal static partial class MachineTraces
{
    private static readonly string[] PublicHosts = ["nuget.org", "npmjs.org", "pypi.org", "docker.io", "microsoft.com", "github.com"];

    /// <summary>What must not occur in a file, because it is this machine's own: the repository's folder, the home folder, package hosts.</summary>
    public static IReadOnlyList<string> OfThisMachine() =>
    [
        SourceTree.Root,
        $"{Environment.GetFolderPath(Environment.SpecialFolder.UserProfile).TrimEnd('/')}/",
        .. PackageSources().Select(HostOf).OfType<string>().Distinct(),
    ];

    /// <summary>Lines with a home folder of anybody, an address in a private network, or a trace of this machine.</summary>
    /// <param name="files">Files to look at.</param>
    /// <param name="traces">See <see cref="OfThisMachine"/>.</param>
    public static IEnumerable<string> Violations(IEnumerable<SourceFile> files, IReadOnlyList<string> traces) =>
        from file in files
        from line in file.Lines.Index()
        where HomeFolder().IsMatch(line.Item) || PrivateHost().IsMatch(line.Item) || traces.Any(trace => Mentions(line.Item, trace))
        select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}";

    private static bool Mentions(string line, string trace)
    {
        var at = line.IndexOf(trace, StringComparison.Ordinal);
        return at >= 0 && (at is 0 || !char.IsLetterOrDigit(line[at - 1]));
    }

    private static IEnumerable<string> PackageSources()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (PackageVariable().IsMatch((string)variable.Key))
            {
                yield return (string?)variable.Value ?? "";
            }
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var path in (string[])[Path.Combine(home, ".nuget/NuGet/NuGet.Config"), Path.Combine(home, ".config/NuGet/NuGet.Config")])
        {
            if (File.Exists(path))
            {
                foreach (var source in XDocument.Load(path).Descendants("packageSources").Elements("add"))
                {
                    yield return source.Attribute("value")?.Value ?? "";
                }
            }
        }
    }

    private static string? HostOf(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            && !address.IsLoopback
            && address.Host.Contains('.', StringComparison.Ordinal)
            && !PublicHosts.Any(known => address.Host.EndsWith(known, StringComparison.OrdinalIgnoreCase))
            ? address.Host
            : null;

    [GeneratedRegex("NUGET|REGISTRY|INDEX|MIRROR|PROXY", RegexOptions.IgnoreCase)]
    private static partial Regex PackageVariable();

    [GeneratedRegex(@"(?<![\w.])/(home|Users)/[A-Za-z]|[A-Za-z]:\\+Users\\")]
    private static partial Regex HomeFolder();

    [GeneratedRegex(@"https?://([\w.-]+\.(internal|corp|lan|intranet)\b|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+)")]
    private static partial Regex PrivateHost();
}
