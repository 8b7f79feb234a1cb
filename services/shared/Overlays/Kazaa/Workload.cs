using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>How leaders compare: load = children / limit.</summary>
public static class Workload
{
    /// <summary>0 for an idle leader, 1 and more for one that takes no further child.</summary>
    public static double Of(LeaderRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.ChildrenMax > 0 ? (double)row.Children / row.ChildrenMax : 1;
    }

    /// <summary>Whether the leader takes a further child.</summary>
    public static bool HasRoom(LeaderRow row) => Of(row) < 1;

    /// <summary>Leaders that have room, the least loaded first, equal ones in random order.</summary>
    public static IReadOnlyList<LeaderRow> LeastLoadedFirst(IEnumerable<LeaderRow> rows, IRandom random) =>
        [.. random.Sample(rows.Where(HasRoom), int.MaxValue).OrderBy(Of)];
}
