using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>Who has signed in to the console with Entra ID. Only the console's gate sets it; it counts before a name that the request gives.</summary>
/// <param name="Name">For people; the directory's, and not unique.</param>
/// <param name="ObjectId">The identity: it never changes, and no other account gets it.</param>
internal sealed record SignedInPerson(string Name, Guid ObjectId)
{
    private const int MaxName = 150;

    /// <summary>One line of less than 200 characters that says which of two people with one name it is.</summary>
    public string Identity => $"{(Name.Length <= MaxName ? Name : Name[..MaxName])} ({ObjectId})";

    public static SignedInPerson? Of(HttpRequest request) => request.HttpContext.Features.Get<SignedInPerson>();

    public void SetFor(HttpRequest request) => request.HttpContext.Features.Set(this);
}
