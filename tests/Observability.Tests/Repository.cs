namespace P2PCloud.Observability.Tests;

/// <summary>Where the files under test are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Observability { get; } = Path.Combine(Root, "observability");

    public static string Prometheus { get; } = Path.Combine(Observability, "prometheus");

    public static string Dashboards { get; } = Path.Combine(Observability, "grafana", "dashboards");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "P2PCloud.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("No folder above the tests has P2PCloud.sln: run them from a working copy of the repository.");
    }
}
