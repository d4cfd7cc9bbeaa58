{# A law about the rows of a table, said by what breaks it. #}
{% test never(model, condition) %}

select * from {{ model }}
where {{ condition }}

{% endtest %}
