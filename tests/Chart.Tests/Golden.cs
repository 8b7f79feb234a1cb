namespace P2PCloud.Chart.Tests;

/// <summary>Lists in the folder golden, which change only on purpose: P2PCLOUD_GOLDEN_WRITE=1 writes them anew.</summary>
internal static class Golden
{
    public static void Check(string name, IEnumerable<string> lines)
    {
        var file = Path.Combine(Repository.Root, "tests", "Chart.Tests", "golden", name);
        if (Environment.GetEnvironmentVariable("P2PCLOUD_GOLDEN_WRITE") is "1")
        {
            File.WriteAllLines(file, lines);
        }

        Assert.Equal(File.ReadAllLines(file), lines);
    }
}
