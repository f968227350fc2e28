"""The ready-made reasons with which a new desk begins; superusers change them in the admin."""

from typing import Any

from django.db import migrations

# By language the name for moderators and the text for the organiser.
REASONS = [
    {
        "az": (
            "Vaxt aydın deyil",
            "Tədbirin nə vaxt başladığı aydın deyil. Zəhmət olmasa, tarixi və başlama saatını, bilirsinizsə, bitmə saatını da yerli vaxtla yazın.",
        ),
        "en": (
            "Time not clear",
            "It is not clear when the event starts. Please give the date and the time of the start, and of the end if you know it, in local time.",
        ),
        "ru": (
            "Неясно время",
            "Неясно, когда начинается мероприятие. Пожалуйста, укажите дату и время начала, а если знаете, то и конца, по местному времени.",
        ),
        "tr": (
            "Saat belli değil",
            "Etkinliğin ne zaman başladığı belli değil. Lütfen tarihi ve başlangıç saatini, biliyorsanız bitiş saatini de yerel saatle yazın.",
        ),
    },
    {
        "az": (
            "Ünvan yoxdur və ya tapılmadı",
            "Tədbirin keçiriləcəyi yeri tapa bilmədik. Zəhmət olmasa, məkanın adını, küçəni və bina nömrəsini xəritədə olduğu kimi yazın. Ünvanın hamıya göstərilməsini istəmirsinizsə, bunu formada seçə bilərsiniz: onda onu yalnız moderator görəcək.",
        ),
        "en": (
            "Address missing or not found",
            "We could not find the place. Please give the name of the venue, the street and the number as they are on a map. If you would rather not show the address to everybody, you can choose so in the form: then only the moderator sees it.",
        ),
        "ru": (
            "Адрес не указан или не найден",
            "Нам не удалось найти место проведения. Пожалуйста, укажите его название, улицу и номер дома так, как они обозначены на карте. Если вы не хотите показывать адрес всем, это можно выбрать в форме: тогда его увидит только модератор.",
        ),
        "tr": (
            "Adres yok veya bulunamadı",
            "Etkinliğin yapılacağı yeri bulamadık. Lütfen mekânın adını, sokağı ve kapı numarasını haritadaki gibi yazın. Adresin herkese gösterilmesini istemiyorsanız bunu formda seçebilirsiniz: o zaman adresi yalnızca moderatör görür.",
        ),
    },
    {
        "az": (
            "Günə aid deyil",
            "Bu kataloqda Dünya Azərbaycanlılarının Həmrəyliyi Günü münasibətilə keçirilən tədbirlər yer alır. Tədbirinizin bu günlə bağlılığını görə bilmədik. Bağlılıq varsa, zəhmət olmasa, bunu təsvirdə bir-iki cümlə ilə yazın.",
        ),
        "en": (
            "Not about the day",
            "This directory lists events for the Solidarity Day of World Azerbaijanis. We could not see what connects yours with the day. If something does, please say so in the description in a sentence or two.",
        ),
        "ru": (
            "Не связано с этим днём",
            "В этом каталоге собраны мероприятия ко Дню солидарности азербайджанцев мира. Нам не удалось понять, как ваше мероприятие связано с этим днём. Если связь есть, напишите о ней, пожалуйста, в описании одним-двумя предложениями.",
        ),
        "tr": (
            "Bu günle ilgili değil",
            "Bu rehberde Dünya Azerbaycanlıları Dayanışma Günü için yapılan etkinlikler yer alır. Etkinliğinizin bu günle ilgisini göremedik. Bir ilgisi varsa lütfen bunu açıklamada bir iki cümleyle yazın.",
        ),
    },
    {
        "az": (
            "Şəkil: hüquqlar aydın deyil",
            "Göndərdiyiniz şəklin kimə məxsus olduğunu bilmirik, ona görə də onu dərc edə bilmərik. Zəhmət olmasa, öz şəklinizi və ya müəllifinin burada göstərilməsinə icazə verdiyi bir şəkli göndərin. Tədbir şəkilsiz də dərc edilə bilər.",
        ),
        "en": (
            "Picture: rights not clear",
            "We do not know whose picture this is, and so we cannot publish it. Please send one of your own, or one whose author allows you to show it here. The event can be published without a picture too.",
        ),
        "ru": (
            "Изображение: неясны права",
            "Мы не знаем, кому принадлежит это изображение, и поэтому не можем его опубликовать. Пожалуйста, пришлите своё или такое, которое автор разрешил показать здесь. Мероприятие можно опубликовать и без изображения.",
        ),
        "tr": (
            "Resim: haklar belli değil",
            "Bu resmin kime ait olduğunu bilmiyoruz, bu yüzden onu yayımlayamayız. Lütfen kendi resminizi veya sahibinin burada gösterilmesine izin verdiği bir resmi gönderin. Etkinlik resimsiz de yayımlanabilir.",
        ),
    },
    {
        "az": (
            "Təsvir və ya dillər çatışmır",
            "Tədbirdə nə olacağı yazılmayıb. Zəhmət olmasa, təsvirdə iki-üç cümlə ilə nə baş tutacağını və tədbirin kimlər üçün olduğunu yazın, hansı dillərdə keçəcəyini də göstərin.",
        ),
        "en": (
            "Description or languages missing",
            "The entry does not say what will happen there. Please describe it in two or three sentences: what there is to see or hear, and for whom. Please also choose the languages that are spoken at the event.",
        ),
        "ru": (
            "Нет описания или языков",
            "Не сказано, что будет на мероприятии. Пожалуйста, опишите его в двух-трёх предложениях: что можно будет увидеть или услышать и для кого оно. Укажите также, на каких языках оно пройдёт.",
        ),
        "tr": (
            "Açıklama veya diller eksik",
            "Etkinlikte ne olacağı yazılmamış. Lütfen iki üç cümleyle anlatın: neler görülecek veya dinlenecek ve etkinlik kimler için. Etkinlikte konuşulacak dilleri de seçin.",
        ),
    },
    {
        "az": (
            "Keçid işləmir və ya hesab tələb edir",
            "Tədbirdəki keçidlərdən biri açılmır və ya onu açmaq üçün hesab lazımdır. Zəhmət olmasa, hamının hesabsız aça bildiyi bir ünvan yazın və ya həmin sahəni boş qoyun.",
        ),
        "en": (
            "Link does not work or needs an account",
            "One of the links in the entry does not open, or only with an account. Please give an address that everybody can open without one, or leave the field empty.",
        ),
        "ru": (
            "Ссылка не работает или требует входа",
            "Одна из ссылок не открывается или открывается только после входа в учётную запись. Пожалуйста, укажите адрес, который каждый может открыть без неё, или оставьте поле пустым.",
        ),
        "tr": (
            "Bağlantı açılmıyor veya hesap istiyor",
            "Bağlantılardan biri açılmıyor veya yalnızca bir hesapla açılıyor. Lütfen herkesin hesap olmadan açabileceği bir adres yazın veya alanı boş bırakın.",
        ),
    },
    {
        "az": (
            "İki dəfə əlavə edilib",
            "Bu tədbir kataloqda artıq var. Onda nəyisə dəyişmək istəyirsinizsə, zəhmət olmasa, yenisini əlavə etmək əvəzinə onu dəyişin. Bu, başqa tədbirdirsə, fərqi təsvirdə yazın.",
        ),
        "en": (
            "Registered twice",
            "This event is in the directory already. If you would like something in it to be different, please change it instead of registering it again. If this is another event, please say in the description how they differ.",
        ),
        "ru": (
            "Добавлено дважды",
            "Это мероприятие уже есть в каталоге. Если вы хотите что-то в нём поправить, измените его, пожалуйста, вместо того чтобы добавлять ещё раз. Если это другое мероприятие, напишите в описании, чем они различаются.",
        ),
        "tr": (
            "İki kez eklenmiş",
            "Bu etkinlik rehberde zaten var. İçinde bir şeyin farklı olmasını istiyorsanız lütfen yeniden eklemek yerine onu değiştirin. Bu başka bir etkinlikse farkını açıklamada yazın.",
        ),
    },
    {
        "az": (
            "Təşkilatçı və ya əlaqə aydın deyil",
            "Tədbiri kimin keçirdiyi aydın deyil. Zəhmət olmasa, dəvət edən birliyin, qrupun və ya şəxsin adını yazın. Mümkünsə, ziyarətçilərin sual verə biləcəyi əlaqəni də göstərin.",
        ),
        "en": (
            "Organiser or contact not clear",
            "It is not clear who holds the event. Please give the name of the association, the group or the person that invites, and, if you can, a contact whom visitors may ask.",
        ),
        "ru": (
            "Неясно, кто организатор или как с ним связаться",
            "Неясно, кто проводит мероприятие. Пожалуйста, укажите название объединения или группы либо имя человека, который приглашает, и по возможности контакты, по которым посетители смогут задать вопрос.",
        ),
        "tr": (
            "Düzenleyen veya iletişim belli değil",
            "Etkinliği kimin düzenlediği belli değil. Lütfen davet eden derneğin, grubun veya kişinin adını, mümkünse ziyaretçilerin soru sorabileceği bir iletişim bilgisini de yazın.",
        ),
    },
]


def write_reasons(apps: Any, schema_editor: Any) -> None:
    reason_model, wording_model = apps.get_model("events", "Reason"), apps.get_model("events", "Wording")
    for position, wordings in enumerate(REASONS, start=1):
        reason = reason_model.objects.create(position=position)
        for language, (name, text) in wordings.items():
            wording_model.objects.create(reason=reason, language=language, name=name, text=text)


class Migration(migrations.Migration):
    dependencies = [("events", "0004_desk")]
    operations = [migrations.RunPython(write_reasons, migrations.RunPython.noop)]
