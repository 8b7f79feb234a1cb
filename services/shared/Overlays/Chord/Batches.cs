using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>Cuts records into messages of a bounded size.</summary>
internal static class Batches
{
    private const int BytesMax = 1 << 20;

    /// <summary>Batches of at most <paramref name="countMax"/> records and about a mebibyte of values and keys.</summary>
    public static IEnumerable<List<KeyRecord>> Of(IEnumerable<KeyRecord> records, int countMax)
    {
        var batch = new List<KeyRecord>();
        var bytes = 0;
        foreach (var record in records)
        {
            var size = (record.Value?.Length ?? 0) + record.Key.Length;
            if (batch.Count > 0 && (batch.Count == countMax || bytes + size > BytesMax))
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }

            batch.Add(record);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
