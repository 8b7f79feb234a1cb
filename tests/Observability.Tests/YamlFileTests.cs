using System.Text.RegularExpressions;

namespace P2PCloud.Observability.Tests;

/// <summary>What holds for every YAML file.</summary>
public sealed partial class YamlFileTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Repository.Observability, "*.y*ml", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Observability, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_one_document_without_tabs_and_without_a_key_twice(string file)
    {
        Assert.DoesNotContain('\t', File.ReadAllText(Path.Combine(Repository.Observability, file)));
        Assert.NotEmpty(Yaml.Load(file).Scalars());
    }

    /// <summary>Addresses are listened on at all interfaces, or name a service; a deployment sets them otherwise by variables.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_names_no_address_of_a_machine(string file)
    {
        var addresses = Address().Matches(File.ReadAllText(Path.Combine(Repository.Observability, file))).Select(match => match.Value);

        Assert.All(addresses, address => Assert.Contains(address, (string[])["0.0.0.0", "127.0.0.1"]));
    }

    [Theory]
    [InlineData("collector.yaml")]
    [InlineData("jaeger.yaml")]
    [InlineData("grafana/provisioning/datasources/datasources.yaml")]
    [InlineData("grafana/provisioning/dashboards/dashboards.yaml")]
    public void Every_variable_of_a_file_is_in_the_table_with_its_default(string file)
    {
        var readme = File.ReadAllLines(Path.Combine(Repository.Observability, "README.md"));
        foreach (Match variable in Variable().Matches(File.ReadAllText(Path.Combine(Repository.Observability, file))))
        {
            var row = Assert.Single(readme, line => line.StartsWith('|') && line.Contains($"`{variable.Groups["name"]}`", StringComparison.Ordinal));
            Assert.Contains(variable.Groups["default"].Success ? $"`{variable.Groups["default"]}`" : "none", row, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"\b\d{1,3}(\.\d{1,3}){3}\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"\$\{(env:)?(?<name>[A-Z_]+)(:-(?<default>[^}]*))?\}")]
    private static partial Regex Variable();
}
