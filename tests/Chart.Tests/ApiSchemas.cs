using System.Text.Json;

namespace P2PCloud.Chart.Tests;

/// <summary>
/// The schemas of the Kubernetes and Gateway APIs, with their required fields and enums, which <c>.ci/schemas</c> brings from npm packages. Node
/// takes a second to load them: all sets are checked in one run.
/// </summary>
internal static class ApiSchemas
{
    private static readonly string Packages = Path.Combine(Repository.Root, "artifacts", "tools", "schemas");

    private static readonly string Script = Path.Combine(Repository.Root, "tests", "Chart.Tests", "schemas", "validate.mjs");

    private static readonly Lazy<Task<IReadOnlyDictionary<string, string[]>>> Faults =
        new(() => CheckAsync(Sets.Names.ToDictionary(row => row.Data, row => Helm.Template(Sets.Arguments(row.Data)).Output)));

    /// <summary>What is wrong with the rendered documents of a set. Skips the test where there is no node, or nobody has brought the schemas.</summary>
    public static async Task<string[]> FaultsOfAsync(string set)
    {
        Demand();
        return (await Faults.Value)[set];
    }

    /// <summary>What is wrong with documents.</summary>
    public static async Task<string[]> CheckAsync(string documents)
    {
        Demand();
        return (await CheckAsync(new Dictionary<string, string> { ["documents"] = documents }))["documents"];
    }

    private static void Demand()
    {
        Tool.Find("node");
        Tool.Find("helm");
        Tool.Demand(Directory.Exists(Path.Combine(Packages, "node_modules")), "The schemas are not there: run .ci/schemas.");
    }

    private static async Task<IReadOnlyDictionary<string, string[]>> CheckAsync(Dictionary<string, string> texts)
    {
        var folder = Directory.CreateTempSubdirectory("p2pcloud-schemas-").FullName;
        try
        {
            var files = texts.Keys.Index().ToDictionary(it => Path.Combine(folder, $"{it.Index}.yaml"), it => it.Item);
            foreach (var (file, name) in files)
            {
                await File.WriteAllTextAsync(file, texts[name], TestContext.Current.CancellationToken);
            }

            var (code, output) = await Tool.RunAsync("node", [Script, Packages, .. files.Keys]);
            Assert.True(code == 0, output);
            return JsonSerializer.Deserialize<Dictionary<string, string[]>>(output)!.ToDictionary(it => files[it.Key], it => it.Value);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
