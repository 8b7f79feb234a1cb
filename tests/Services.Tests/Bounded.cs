namespace P2PCloud.Services.Tests;

/// <summary>
/// Many calls of one test, a bounded number under way at a time: all at once would wait on one connection until the last ones pass the
/// client's time-out, on a busy machine, and would still run during the next test.
/// </summary>
internal static class Bounded
{
    private const int UnderWayMax = 64;

    public static async Task<IReadOnlyList<T>> AllAsync<T>(int count, Func<int, Task<T>> call)
    {
        var results = new List<T>(count);
        foreach (var batch in Enumerable.Range(0, count).Chunk(UnderWayMax))
        {
            results.AddRange(await Task.WhenAll(batch.Select(call)));
        }

        return results;
    }
}
