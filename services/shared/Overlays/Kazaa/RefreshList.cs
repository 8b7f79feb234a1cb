using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>
/// Leaders with their workloads, as a leader or a child has heard of them last: bounded, the freshest row of a leader wins, and the
/// stalest row gives way (Liang, Kumar, Ross 2004: up to 200 rows).
/// </summary>
/// <param name="rowsMax">Rows kept.</param>
/// <param name="ageMax">Rows that are older are dropped.</param>
public sealed class RefreshList(int rowsMax, TimeSpan ageMax)
{
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    /// <summary>No row is older.</summary>
    private DateTimeOffset _stalest = DateTimeOffset.MaxValue;

    /// <summary>Rows kept.</summary>
    public int Count => _rows.Count;

    /// <summary>Takes note of rows that another node sent.</summary>
    public void Learn(IEnumerable<LeaderRow> rows, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows.Take(rowsMax))
        {
            var said = now - TimeSpan.FromMilliseconds(Math.Max(0, row.AgeMs));
            if (now - said <= ageMax && (!_rows.TryGetValue(row.Leader.Name, out var old) || old.Said <= said))
            {
                _rows[row.Leader.Name] = new Row(row, said);
                _stalest = said < _stalest ? said : _stalest;
            }
        }

        if (_rows.Count > rowsMax)
        {
            foreach (var (name, _) in _rows.OrderBy(entry => entry.Value.Said).Take(_rows.Count - rowsMax).ToList())
            {
                _rows.Remove(name);
            }
        }
    }

    /// <summary>Forgets a leader that did not answer, until somebody has fresher news of it.</summary>
    public void Forget(NodeRef leader)
    {
        ArgumentNullException.ThrowIfNull(leader);
        _rows.Remove(leader.Name);
    }

    /// <summary>The rows with their ages now, ordered by name.</summary>
    public IReadOnlyList<LeaderRow> Rows(DateTimeOffset now)
    {
        Expire(now);
        return [.. _rows.Values.Select(row => row.At(now))];
    }

    /// <summary>A uniform sample of the rows; those with room before the full ones.</summary>
    public IReadOnlyList<LeaderRow> Sample(int count, DateTimeOffset now, IRandom random)
    {
        Expire(now);
        var sample = random.Sample(_rows.Values.Where(row => Workload.HasRoom(row.Told)), count);
        if (sample.Count < count)
        {
            sample.AddRange(random.Sample(_rows.Values.Where(row => !Workload.HasRoom(row.Told)), count - sample.Count));
        }

        return [.. sample.Select(row => row.At(now))];
    }

    private void Expire(DateTimeOffset now)
    {
        if (now - _stalest <= ageMax)
        {
            return;
        }

        foreach (var name in _rows.Where(entry => now - entry.Value.Said > ageMax).Select(entry => entry.Key).ToList())
        {
            _rows.Remove(name);
        }

        _stalest = _rows.Count == 0 ? DateTimeOffset.MaxValue : _rows.Values.Min(row => row.Said);
    }

    private sealed record Row(LeaderRow Told, DateTimeOffset Said)
    {
        public LeaderRow At(DateTimeOffset now) =>
            Told with { AgeMs = (int)Math.Clamp((now - Said).TotalMilliseconds, 0, int.MaxValue) };
    }
}
