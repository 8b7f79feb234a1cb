using System.Globalization;
using P2PCloud.Contracts.Boot;

namespace P2PCloud.Bootstrap;

/// <summary>What a lease id says: <c>overlay|node|incarnation</c>. Ids are readable, as they are no secrets.</summary>
internal readonly record struct LeaseName(string Overlay, string Node, long Incarnation)
{
    public static LeaseName Of(RegisterRequest request) => new(request.Overlay, request.Node.Name, request.Incarnation);

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static LeaseName? Parse(string leaseId)
    {
        var first = leaseId.IndexOf('|', StringComparison.Ordinal);
        var last = leaseId.LastIndexOf('|');
        if (first <= 0
            || first == last
            || !long.TryParse(leaseId.AsSpan(last + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var incarnation))
        {
            return null;
        }

        var name = new LeaseName(leaseId[..first], leaseId[(first + 1)..last], incarnation);
        return name.ToString() == leaseId ? name : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Overlay}|{Node}|{Incarnation}");
}
