namespace P2PCloud.Contracts.Tests;

/// <summary>All messages, by reflection.</summary>
internal static class MessageTypes
{
    public static IReadOnlyList<Type> All { get; } =
    [
        .. typeof(IMessage).Assembly.GetTypes()
            .Where(type => type.IsClass && !type.IsAbstract && type.IsAssignableTo(typeof(IMessage)))
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>Type of the reply to a request; null for what is no request.</summary>
    public static Type? ReplyOf(Type type) => type.GetInterfaces()
        .SingleOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequest<>))?.GetGenericArguments()[0];

    public static bool IsStatic(Type type) => type.IsAbstract && type.IsSealed;
}
