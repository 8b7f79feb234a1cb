using System.IO.Enumeration;

namespace P2PCloud.Sidecar;

/// <summary>What a sidecar lets callers do (Dapr's Configuration, <c>spec.accessControl</c>), enforced beside the callee.</summary>
/// <param name="AllowsByDefault">For callers without a policy.</param>
/// <param name="Policies">By caller: exactly one app id and namespace each, there are no patterns.</param>
public sealed record AccessControl(bool AllowsByDefault, IReadOnlyList<AccessPolicy> Policies)
{
    /// <summary>Whether a caller may do this.</summary>
    public bool Allows(string app, string space, string verb, string path) =>
        Policies.FirstOrDefault(policy => policy.AppId == app && policy.Namespace == space)?.Allows(verb, path) ?? AllowsByDefault;
}

/// <summary>
/// What one caller may do. As in Dapr's trie of operations (dapr/dapr, <c>pkg/config/acl_trie.go</c> and <c>pkg/acl/acl.go</c>) the first
/// operation on the way down a path decides, also for all paths below it: where it does not have the verb the policy's default holds, whatever
/// longer operations are listed.
/// </summary>
/// <param name="AppId">Of the caller.</param>
/// <param name="Namespace">Of the caller.</param>
/// <param name="AllowsByDefault">For operations that are not listed, and for other verbs of those that are.</param>
/// <param name="Operations">Of several with one name the first counts.</param>
public sealed record AccessPolicy(string AppId, string Namespace, bool AllowsByDefault, IReadOnlyList<AccessOperation> Operations)
{
    /// <summary>Whether the caller may do this.</summary>
    public bool Allows(string verb, string path) =>
        OperationFor(path) is { } operation && operation.Verbs.Any(known => known == "*" || known == verb) ? operation.Allows : AllowsByDefault;

    private AccessOperation? OperationFor(string path)
    {
        var asked = Segments(path);
        List<(string[] Segments, AccessOperation Operation)> below = [.. Operations.Select(it => (Segments(it.Name), it))];
        for (var depth = 0; depth < asked.Length; depth++)
        {
            var isLast = depth == asked.Length - 1;
            if (Descend(below, depth, asked[depth], isLast) is { } operation)
            {
                return operation;
            }

            if (isLast)
            {
                return Descend(below, depth + 1, "*", isLast);
            }
        }

        return null;
    }

    /// <summary>Goes to the first child that fits a segment, and leaves only what is below it; the operation that ends there, if any.</summary>
    private static AccessOperation? Descend(List<(string[] Segments, AccessOperation Operation)> below, int depth, string segment, bool isLast)
    {
        var child = below.Where(it => it.Segments.Length > depth).Select(it => it.Segments[depth]).FirstOrDefault(it => Fits(it, segment, isLast));
        below.RemoveAll(it => it.Segments.Length <= depth || it.Segments[depth] != child);
        return below.FirstOrDefault(it => it.Segments.Length == depth + 1).Operation;
    }

    /// <summary>A segment <c>*</c> fits only at the end of a path.</summary>
    private static bool Fits(string pattern, string segment, bool isLast) => pattern switch
    {
        "*" => isLast || segment == "*",
        "**" => true,
        _ => FileSystemName.MatchesSimpleExpression(pattern, segment, ignoreCase: false),
    };

    private static string[] Segments(string path) => path.ToLowerInvariant().Split('/', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A group of requests.</summary>
/// <param name="Name">Path. <c>*</c> stands for any text in a segment, for one segment at the end of a path; <c>**</c> for any number of
/// segments at its end. Letter case does not matter.</param>
/// <param name="Verbs">HTTP methods in capitals; <c>*</c> for all.</param>
/// <param name="Allows">Whether they are let through.</param>
public sealed record AccessOperation(string Name, IReadOnlyList<string> Verbs, bool Allows = true);

/// <summary>A call on which a callee's sidecar has decided.</summary>
/// <param name="Caller">App id.</param>
/// <param name="Callee">App id.</param>
/// <param name="Verb">HTTP method.</param>
/// <param name="Path">Route, decoded and cleaned.</param>
/// <param name="IsAllowed">Whether the app was given it.</param>
public sealed record CheckedCall(string Caller, string Callee, string Verb, string Path, bool IsAllowed);
